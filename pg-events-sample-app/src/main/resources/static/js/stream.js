import * as api from './api.js';

/**
 * The counters of a profile as the server streams them: first what they are, then each change. A connection that is lost
 * is made again by the browser, and begins with the counters as they are by then. Behind a proxy that answers itself while
 * the shop is away, a stream that is closed would have to be opened again here.
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
    this.#source.addEventListener('error', () => this.#onState('away'));
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
}
