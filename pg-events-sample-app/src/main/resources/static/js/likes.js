import * as api from './api.js';

const AT_ONCE = 4;

/** The clicks of this window on their way to the server, a few at a time, however fast they come. */
export class Likes {
  #name;
  #onRefused;
  #waiting = 0;
  #sending = 0;

  constructor(name, onRefused) {
    this.#name = name;
    this.#onRefused = onRefused;
  }

  add(count) {
    this.#waiting += count;
    while (this.#sending < Math.min(AT_ONCE, this.#waiting + this.#sending)) {
      this.#send();
    }
  }

  /** One whose answer is lost may have been counted, so it is not sent again. */
  async #send() {
    this.#waiting -= 1;
    this.#sending += 1;
    try {
      await api.like(this.#name);
      this.#onRefused(null);
    } catch (error) {
      this.#waiting = 0;
      this.#onRefused(error);
    } finally {
      this.#sending -= 1;
      this.add(0);
    }
  }
}
