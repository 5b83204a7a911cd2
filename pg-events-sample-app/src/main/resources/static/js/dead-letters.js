import { byId, fromTemplate, reason, setText } from './dom.js';

const MOST = 20;

/** What was given up, with the error, and the way back. Hidden while there is nothing. */
export class DeadLetterList {
  #rows = new Map();
  #letters = [];

  constructor(onReplay, onReplayAll) {
    this.onReplay = onReplay;
    const all = byId('replay-all');
    all.addEventListener('click', () => {
      const subscriptions = new Set(this.#letters.map((letter) => letter.subscription).filter(Boolean));
      onReplayAll([...subscriptions], all);
    });
  }

  show(letters) {
    this.#letters = letters;
    byId('letters').hidden = letters.length === 0;
    setText(byId('letters-count'), letters.length >= MOST ? `${MOST}+` : `${letters.length}`);
    const kept = new Set(letters.map((letter) => letter.id));
    for (const [id, row] of this.#rows) {
      if (!kept.has(id)) {
        row.remove();
        this.#rows.delete(id);
      }
    }
    letters.forEach((letter, index) => this.#place(letter, index));
  }

  #place(letter, index) {
    const list = byId('letter-list');
    let row = this.#rows.get(letter.id);
    if (!row) {
      row = this.#draw(letter);
      this.#rows.set(letter.id, row);
    }
    if (list.children[index] !== row) {
      list.insertBefore(row, list.children[index] ?? null);
    }
  }

  #draw(letter) {
    const row = fromTemplate('letter-template').firstElementChild;
    row.querySelector('.tag').textContent = letter.subscription ?? 'foreign consumer';
    row.querySelector('.error').textContent = reason(letter.error);
    row.querySelector('.topic').textContent = letter.topic;
    row.querySelector('.attempts').textContent = letter.attempts;
    row.querySelector('.payload').textContent = letter.payload;
    row.querySelector('.trace').textContent = letter.error ?? '';
    const replay = row.querySelector('button');
    replay.setAttribute('aria-label', `Replay event ${letter.id} of ${letter.subscription ?? 'a foreign consumer'}`);
    replay.addEventListener('click', () => this.onReplay(letter.id, replay));
    return row;
  }
}
