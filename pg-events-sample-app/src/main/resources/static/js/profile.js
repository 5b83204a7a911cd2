import * as api from './api.js';
import { Counter } from './counters.js';
import { byId, motionAllowed, setText } from './dom.js';
import { Followers } from './followers.js';
import { Likes } from './likes.js';
import { showLikes, showPeople } from './people.js';
import { Pulse } from './pulse.js';
import { CounterStream } from './stream.js';

const MANY = 100;
const NEWS_EVERY = 2500;

const name = document.body.dataset.profile;
const counters = Object.fromEntries([...document.querySelectorAll('[data-counter]')]
  .map((box) => [box.dataset.counter, new Counter(box)]));
const pulse = new Pulse();
const likes = new Likes(name, complain);
let followers = null;
let started = false;
let news = null;

/** The page shows what the stream says and nothing else: a click changes a number when the database says so. */
function showCounters(now) {
  const moved = Object.keys(counters).filter((key) => counters[key].value !== now[key]);
  const amount = moved.reduce((sum, key) => sum + Math.abs(now[key] - counters[key].value), 0);
  moved.forEach((key) => counters[key].show(now[key]));
  showLikes(now.likes);
  if (started && moved.length > 0) {
    pulse.beat(amount);
    announceSoon();
  }
  if (started && moved.includes('followers')) {
    followers?.refresh().catch(complain);
  }
  started = true;
}

/** Not every number of a hundred: what it has come to. */
function announceSoon() {
  news ??= setTimeout(() => {
    news = null;
    setText(byId('news'), Object.entries(counters).map(([key, counter]) => `${counter.value} ${key}`).join(', '));
  }, NEWS_EVERY);
}

function showState(state) {
  const here = state === 'here';
  byId('link').dataset.state = state;
  setText(byId('link-text'), here ? 'Live' : 'Offline, connecting again');
  byId('away').hidden = here;
  document.body.classList.toggle('is-away', !here);
}

function complain(error) {
  byId('error').hidden = !error;
  setText(byId('error'), error?.message ?? '');
}

async function attempt(action) {
  try {
    await action();
    complain(null);
  } catch (error) {
    complain(error);
  }
}

function beatHeart() {
  if (motionAllowed()) {
    byId('like').querySelector('svg').animate([{ scale: 1 }, { scale: 1.35 }, { scale: 1 }], { duration: 320, easing: 'ease-out' });
  }
}

/** Each window is visited by somebody of its own, also after a reload. */
function chooseVisitor(people) {
  const choice = byId('visitor');
  const others = people.filter((person) => person.name !== name);
  choice.replaceChildren(...others.map((person) => new Option(person.displayName, person.name)));
  const kept = sessionStorage.getItem('visitor');
  const chosen = others.find((person) => person.name === kept) ?? others[Math.floor(Math.random() * others.length)];
  choice.value = chosen.name;
  choice.disabled = false;
  choice.addEventListener('change', () => {
    sessionStorage.setItem('visitor', choice.value);
    followers.visitor = choice.value;
  });
  sessionStorage.setItem('visitor', chosen.name);
  return chosen.name;
}

async function copySql() {
  const button = byId('copy');
  try {
    await navigator.clipboard.writeText(`${byId('sql').textContent}\n`);
    setText(button, 'Copied');
  } catch {
    getSelection().selectAllChildren(byId('sql'));
    setText(button, 'Selected');
  }
  setTimeout(() => setText(button, 'Copy'), 1600);
}

async function showConnection() {
  const { psql } = await api.shop();
  byId('psql').hidden = !psql;
  setText(byId('psql').querySelector('code'), psql ?? '');
}

byId('like').addEventListener('click', () => {
  beatHeart();
  likes.add(1);
});
byId('like-many').addEventListener('click', () => likes.add(MANY));
byId('follow').addEventListener('click', () => attempt(() => followers.toggle()));
byId('copy').addEventListener('click', copySql);

new CounterStream(name, showCounters, showState);
attempt(async () => {
  followers = new Followers(name, chooseVisitor(await showPeople(name)));
  await followers.refresh();
  await showConnection();
});
