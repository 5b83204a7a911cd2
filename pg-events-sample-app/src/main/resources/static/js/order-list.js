import { byId, duration, fromTemplate, motionAllowed, reason, setText } from './dom.js';

const STEPS = ['placed', 'reserved', 'paid', 'shipped'];
const PACE = 260;

/** One order on the page. The bus is faster than the eye: steps that came together are shown one after the other. */
class OrderRow {
  #data;
  #shown = 0;
  #timer = null;

  constructor(order, onReplay) {
    this.element = fromTemplate('order-template').firstElementChild;
    this.element.querySelectorAll('.track > li').forEach((step) => {
      step.append(fromTemplate('step-template'));
      step.querySelector('.name').textContent = step.dataset.step;
    });
    this.element.querySelector('.number').textContent = `No. ${order.number}`;
    this.element.querySelector('.customer').textContent = order.customer;
    this.element.querySelector('.item').textContent = `${order.quantity} × ${order.item}`;
    this.element.querySelector('.tag').hidden = order.source !== 'sql';
    const replay = this.element.querySelector('.trouble button');
    replay.setAttribute('aria-label', `Replay order ${order.number}`);
    replay.addEventListener('click', () => onReplay(order.id, replay));
  }

  update(order, animate) {
    this.#data = order;
    if (!animate || !motionAllowed()) {
      this.#shown = this.#reached();
    }
    this.#show();
  }

  /** The wheel of age turns without news from the server. */
  age(now) {
    const time = this.element.querySelector('.age');
    time.dateTime = this.#data.createdAt;
    time.title = new Date(this.#data.createdAt).toLocaleString();
    const millis = now - Date.parse(this.#data.createdAt);
    setText(time, millis < 5000 ? 'now' : `${duration(Math.floor(millis / 1000) * 1000).replace('.0', '')} ago`);
  }

  #reached() {
    return 1 + this.#data.steps.length;
  }

  #show() {
    if (this.#shown < this.#reached() && this.#timer === null) {
      this.#shown += 1;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#show();
      }, PACE);
    }
    const caughtUp = this.#shown >= this.#reached();
    this.element.dataset.state = caughtUp ? this.#state() : 'moving';
    this.#showSteps(caughtUp);
    this.#showTrouble(caughtUp);
  }

  #state() {
    if (this.#data.status === 'shipped' || this.#data.status === 'failed') {
      return this.#data.status;
    }
    return this.#data.trouble ? 'retrying' : 'moving';
  }

  #showSteps(caughtUp) {
    const times = [Date.parse(this.#data.createdAt), ...this.#data.steps.map((step) => Date.parse(step.at))];
    this.element.querySelectorAll('.track > li').forEach((step, index) => {
      const done = index < this.#shown;
      const next = index === this.#shown;
      const state = done ? 'done' : next ? (caughtUp ? this.element.dataset.state : 'moving') : 'waiting';
      step.dataset.is = state;
      setText(step.querySelector('.state'), done ? 'done' : state === 'moving' ? 'in progress' : state);
      setText(step.querySelector('.took'), done && index > 0 ? this.#took(index, times) : '');
    });
  }

  #took(index, times) {
    const attempts = this.#data.steps[index - 1].attempt;
    return duration(times[index] - times[index - 1]) + (attempts > 1 ? `, ${attempts} tries` : '');
  }

  #showTrouble(caughtUp) {
    const trouble = this.#data.trouble;
    const box = this.element.querySelector('.trouble');
    box.hidden = !caughtUp || !trouble;
    if (!box.hidden) {
      setText(box.querySelector('p'), troubleText(trouble));
      box.querySelector('button').hidden = trouble.deadLetter === null;
    }
  }
}

function troubleText(trouble) {
  const why = reason(trouble.lastError).replace(/\.$/, '');
  if (trouble.deadLetter !== null) {
    return `${why}. Gave up after ${trouble.attempts} ${trouble.attempts === 1 ? 'attempt' : 'attempts'}.`;
  }
  if (trouble.retryInMillis === null) {
    return `${why}.`;
  }
  const wait = Math.ceil(trouble.retryInMillis / 1000);
  return `${why}. Attempt ${trouble.attempts + 1} ${wait > 0 ? `in ${wait} s` : 'now'}.`;
}

/** The newest orders, newest first. Rows are kept and moved, never drawn anew. */
export class OrderList {
  #list = byId('orders');
  #rows = new Map();
  #first = true;

  constructor(onReplay) {
    this.onReplay = onReplay;
  }

  show(orders) {
    const before = this.#positions();
    const kept = new Set(orders.map((order) => order.id));
    for (const [id, row] of this.#rows) {
      if (!kept.has(id)) {
        row.element.remove();
        this.#rows.delete(id);
      }
    }
    orders.forEach((order, index) => this.#place(order, index));
    byId('empty').hidden = orders.length > 0;
    this.#glide(before);
    this.#first = false;
  }

  #place(order, index) {
    let row = this.#rows.get(order.id);
    if (!row) {
      row = new OrderRow(order, this.onReplay);
      this.#rows.set(order.id, row);
    }
    if (this.#list.children[index] !== row.element) {
      this.#list.insertBefore(row.element, this.#list.children[index] ?? null);
    }
    row.update(order, !this.#first);
    row.age(Date.now());
  }

  #positions() {
    return new Map([...this.#rows.values()].map((row) => [row.element, row.element.offsetTop]));
  }

  /** New rows fade in, the others glide to their new place. */
  #glide(before) {
    if (this.#first || !motionAllowed()) {
      return;
    }
    for (const { element } of this.#rows.values()) {
      const moved = before.has(element) ? before.get(element) - element.offsetTop : null;
      const from = moved === null ? { opacity: 0, translate: '0 -8px' } : { translate: `0 ${moved}px` };
      if (moved !== 0) {
        element.animate([from, {}], { duration: 320, easing: 'cubic-bezier(.2, .7, .2, 1)' });
      }
    }
  }
}
