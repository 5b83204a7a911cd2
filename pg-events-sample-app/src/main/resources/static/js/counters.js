import { motionAllowed } from './dom.js';

const figures = new Intl.NumberFormat('en');
const TURN = { duration: 420, easing: 'cubic-bezier(.2, .7, .2, 1)' };
const GLOW = 450;

/** One number, whose digits turn when it changes. The plain number stays in the document for those who do not see it. */
export class Counter {
  #box;
  #data;
  #digits;
  #value;
  #glow = null;

  constructor(box) {
    this.#box = box;
    this.#data = box.querySelector('data');
    this.#value = Number(this.#data.value);
    this.#digits = document.createElement('span');
    this.#digits.className = 'digits';
    this.#digits.setAttribute('aria-hidden', 'true');
    this.#data.className = 'visually-hidden';
    this.#data.after(this.#digits);
    this.#show(false, false);
  }

  get value() {
    return this.#value;
  }

  show(value) {
    if (value === this.#value) {
      return;
    }
    const up = value > this.#value;
    this.#value = value;
    this.#show(motionAllowed(), up);
    this.#box.classList.add('moved');
    clearTimeout(this.#glow);
    this.#glow = setTimeout(() => this.#box.classList.remove('moved'), GLOW);
  }

  #show(animate, up) {
    const text = figures.format(this.#value);
    this.#data.value = String(this.#value);
    this.#data.textContent = text;
    while (this.#digits.children.length > text.length) {
      this.#digits.firstElementChild.remove();
    }
    while (this.#digits.children.length < text.length) {
      const cell = document.createElement('span');
      cell.className = 'cell';
      this.#digits.prepend(cell);
    }
    [...this.#digits.children].forEach((cell, index) => turn(cell, text[index], animate, up));
  }
}

/** The new digit comes in from below and the old one leaves above, or the other way round when it counts down. */
function turn(cell, digit, animate, up) {
  const old = cell.firstElementChild;
  if (old?.textContent === digit) {
    return;
  }
  const next = document.createElement('span');
  next.textContent = digit;
  cell.replaceChildren(next);
  if (!animate || !old) {
    return;
  }
  cell.append(old);
  const [below, above] = up ? ['0 100%', '0 -100%'] : ['0 -100%', '0 100%'];
  next.animate([{ translate: below, opacity: 0 }, { translate: '0', opacity: 1 }], TURN);
  old.animate([{ translate: '0', opacity: 1 }, { translate: above, opacity: 0 }], { ...TURN, fill: 'forwards' })
    .finished.then(() => old.remove(), () => old.remove());
}
