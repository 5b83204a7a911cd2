import * as api from './api.js';
import { byId, setText } from './dom.js';
import { avatar } from './people.js';

/** Who follows the profile, and whether the visitor does. */
export class Followers {
  #name;
  #visitor;
  #asked = 0;

  constructor(name, visitor) {
    this.#name = name;
    this.#visitor = visitor;
    byId('follow').disabled = false;
  }

  set visitor(visitor) {
    this.#visitor = visitor;
    this.refresh();
  }

  get following() {
    return byId('follow').getAttribute('aria-pressed') === 'true';
  }

  /** Follows, or no longer does. */
  async toggle() {
    await api.follow(this.#name, this.#visitor, !this.following);
    await this.refresh();
  }

  /** Only the last answer counts. */
  async refresh() {
    const number = ++this.#asked;
    const answer = await api.followers(this.#name, this.#visitor);
    if (number === this.#asked) {
      this.#show(answer);
    }
  }

  #show({ newest, total, following }) {
    byId('follow').setAttribute('aria-pressed', String(following));
    setText(byId('follow-text'), following ? 'Following' : 'Follow');
    byId('faces').replaceChildren(...newest.map((person) => {
      const face = document.createElement('li');
      face.append(avatar(person));
      return face;
    }));
    byId('faces').ariaHidden = 'true';
    setText(byId('crowd-text'), crowd(newest.map((person) => person.displayName), total));
  }
}

function crowd(names, total) {
  if (total === 0) {
    return 'Nobody follows yet. Be the first.';
  }
  const named = names.slice(0, total === 3 ? 3 : 2);
  const others = total - named.length;
  const parts = others > 0 ? [...named, `${others} ${others === 1 ? 'other' : 'others'}`] : named;
  return `Followed by ${new Intl.ListFormat('en').format(parts)}`;
}
