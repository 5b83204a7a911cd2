import * as api from './api.js';

const AGAIN = 2000;

/**
 * The counters of a profile as the server streams them: first what they are, then each change. A connection that is lost
 * is made again, and begins with the counters as they are by then.
 */
export class CounterStream {
  #name;
  #onCounters;
  #onState;
  #source = null;
  #revision = -1;

  constructor(name, onCounters, onState) {
    this.#name = name;
    this.#onCounters = onCounters;
    this.#onState = onState;
    this.#open();
  }

  #open() {
    this.#source?.close();
    this.#source = api.stream(this.#name);
    this.#source.addEventListener('open', () => this.#start());
    this.#source.addEventListener('counters', (event) => this.#show(JSON.parse(event.data)));
    this.#source.addEventListener('gap', () => this.#open());
    this.#source.addEventListener('error', () => this.#lost());
  }

  #start() {
    this.#revision = -1;
  }

  /** A change that the first counters had already is past. */
  #show(counters) {
    if (counters.revision > this.#revision) {
      this.#revision = counters.revision;
      this.#onState('here');
      this.#onCounters(counters);
    }
  }

  /** The browser connects again by itself, unless it was refused. */
  #lost() {
    this.#onState('away');
    if (this.#source.readyState === EventSource.CLOSED) {
      setTimeout(() => this.#open(), AGAIN * (1 + Math.random()));
    }
  }
}
