import { byId, setText } from './dom.js';

const SECONDS = 60;

/** How much has moved in each second of the last minute. */
export class Pulse {
  #bars = Array.from({ length: SECONDS }, () => byId('pulse').appendChild(document.createElement('span')));
  #counts = new Array(SECONDS).fill(0);

  constructor() {
    setInterval(() => this.#pass(), 1000);
  }

  beat(count) {
    this.#counts[SECONDS - 1] += count;
    this.#show();
  }

  #pass() {
    this.#counts.push(0);
    this.#counts.shift();
    this.#show();
  }

  #show() {
    const most = Math.max(5, ...this.#counts);
    const sum = this.#counts.reduce((total, count) => total + count, 0);
    this.#bars.forEach((bar, index) => {
      bar.toggleAttribute('data-some', this.#counts[index] > 0);
      bar.style.setProperty('--share', this.#counts[index] / most);
    });
    setText(byId('minute-text'), sum === 0 ? 'Quiet' : `${sum.toLocaleString('en')} ${sum === 1 ? 'change' : 'changes'}`);
  }
}
