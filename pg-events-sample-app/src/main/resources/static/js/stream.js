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
    this.#source.addEventListener('counters', (event) => this.#start(JSON.parse(event.data)));
    this.#source.addEventListener('change', (event) => this.#change(JSON.parse(event.data).new));
    this.#source.addEventListener('gap', () => this.#open());
    this.#source.addEventListener('error', () => this.#lost());
  }

  #start(counters) {
    this.#revision = counters.revision;
    this.#onState('here');
    this.#onCounters(counters);
  }

  /** Two changes that were committed at almost the same time may come in the wrong order: the older one is past. Of a deletion there is no row. */
  #change(counters) {
    if (counters?.revision > this.#revision) {
      this.#revision = counters.revision;
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
