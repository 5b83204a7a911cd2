import * as api from './api.js';
import { showCounter, showPayments } from './counter.js';
import { DeadLetterList } from './dead-letters.js';
import { byId, setText } from './dom.js';
import { OrderForm } from './order-form.js';
import { OrderList } from './order-list.js';

const EVERY = 1000;
const WHEN_AWAY = 3000;

const orderList = new OrderList((id, button) => act(button, () => api.replayOrder(id)));
const letterList = new DeadLetterList(
  (id, button) => act(button, () => api.replayLetter(id)),
  (subscriptions, button) => act(button, () => Promise.all(subscriptions.map(api.replayAll))));
const form = new OrderForm(place);

/** The orders placed in this window: only these are announced. */
const mine = new Map();
let timer = null;
let refreshing = null;

async function place(orders) {
  try {
    const placed = await Promise.all(orders.map(api.place));
    if (placed.length === 1) {
      mine.set(placed[0].id, 'placed');
    }
    form.complain(null);
    await refresh();
    return true;
  } catch (error) {
    form.complain(error.message);
    return false;
  }
}

async function act(button, action) {
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    setText(byId('news'), error.message);
  } finally {
    await refresh();
    button.disabled = false;
  }
}

/** Asks once, and again after a while. A request that is under way is waited for, then asked anew. */
async function refresh() {
  await refreshing;
  clearTimeout(timer);
  refreshing = ask();
  const here = await refreshing;
  refreshing = null;
  clearTimeout(timer);
  if (document.visibilityState === 'visible') {
    timer = setTimeout(refresh, here ? EVERY : WHEN_AWAY);
  }
}

async function ask() {
  try {
    const [orders, shop] = await Promise.all([api.newestOrders(), api.shop()]);
    showLink(true);
    orderList.show(orders);
    letterList.show(shop.deadLetters);
    showCounter(shop);
    announce(orders);
    return true;
  } catch (error) {
    if (!(error instanceof api.Away)) {
      console.error(error);
    }
    showLink(false);
    return false;
  }
}

function showLink(here) {
  byId('link').dataset.state = here ? 'here' : 'away';
  setText(byId('link-text'), here ? 'Live' : 'Away');
  byId('away').hidden = here;
  document.body.classList.toggle('is-away', !here);
}

function announce(orders) {
  for (const order of orders.filter((each) => mine.has(each.id) && mine.get(each.id) !== each.status)) {
    mine.set(order.id, order.status);
    if (order.status === 'shipped' || order.status === 'failed') {
      setText(byId('news'), `Order ${order.number} of ${order.customer} has ${order.status === 'shipped' ? 'been shipped' : 'failed'}.`);
    }
  }
}

byId('payments').addEventListener('click', (event) => {
  const up = event.currentTarget.getAttribute('aria-checked') !== 'true';
  act(event.currentTarget, async () => showPayments(await api.switchPayments(up)));
});
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh());
refresh();
