import * as api from './api.js';
import { byId, fromTemplate, setText } from './dom.js';

const figures = new Intl.NumberFormat('en');

export function avatar(person) {
  const element = document.createElement('span');
  element.className = 'avatar';
  element.dataset.colour = person.colour;
  element.textContent = [...person.displayName][0];
  return element;
}

/** Everybody who has a profile, with links to theirs. */
export async function showPeople(current) {
  const people = await api.profiles();
  byId('people').replaceChildren(...people.map((person) => {
    const row = fromTemplate('person-template').firstElementChild;
    const link = row.querySelector('a');
    link.href = encodeURIComponent(person.name);
    if (person.name === current) {
      link.setAttribute('aria-current', 'page');
    }
    row.querySelector('.avatar').replaceWith(Object.assign(avatar(person), { ariaHidden: 'true' }));
    row.querySelector('.person').textContent = person.displayName;
    row.querySelector('.likes').textContent = likes(person.likes);
    return row;
  }));
  return people;
}

export function showLikes(count) {
  const place = byId('people').querySelector('[aria-current] .likes');
  if (place) {
    setText(place, likes(count));
  }
}

const likes = (count) => `${figures.format(count)} ${count === 1 ? 'like' : 'likes'}`;
