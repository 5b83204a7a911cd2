import { byId, fromTemplate, setText } from './dom.js';

const figures = new Intl.NumberFormat('en');

/** What stands beside the orders: totals, statistics, stock and the switch of the payment provider. */
export function showCounter(shop) {
  showTotals(shop.orders);
  showBars(shop.items);
  showStock(shop.stock);
  showPayments(shop.payments);
  showConnection(shop.psql);
}

export function showPayments({ up, failureRate }) {
  byId('payments').setAttribute('aria-checked', String(up));
  const share = failureRate === 0 ? 'every payment succeeds' : `${Math.round(failureRate * 100)} % of payments fail and are tried again`;
  setText(byId('payments-hint'), up
    ? `Up: ${share}. Switch it off and watch retries turn into dead letters.`
    : 'Down: every payment fails. After four attempts an order is a dead letter. Switch it on and replay.');
}

function showTotals(orders) {
  const count = (...statuses) => statuses.reduce((sum, status) => sum + (orders[status] ?? 0), 0);
  const totals = { moving: count('placed', 'reserved', 'paid'), shipped: count('shipped'), failed: count('failed') };
  for (const [name, total] of Object.entries(totals)) {
    const box = document.querySelector(`[data-total="${name}"]`);
    setText(box.querySelector('dd'), figures.format(total));
    box.dataset.none = String(total === 0);
  }
}

function showBars(items) {
  const list = byId('bars');
  const most = Math.max(1, ...items.map((item) => item.orders));
  while (list.children.length > items.length) {
    list.lastElementChild.remove();
  }
  items.forEach((item, index) => {
    const row = list.children[index] ?? list.appendChild(fromTemplate('bar-template').firstElementChild);
    setText(row.querySelector('.bar-name'), item.item);
    setText(row.querySelector('.bar-count'), figures.format(item.orders));
    row.querySelector('.bar > span').style.setProperty('--share', item.orders / most);
  });
}

function showStock(shelves) {
  document.querySelectorAll('[data-stock]').forEach((note) => {
    const shelf = shelves.find((each) => each.item === note.dataset.stock);
    setText(note, !shelf ? '' : shelf.available > 0 ? `${shelf.available} left` : 'sold out');
  });
}

function showConnection(psql) {
  byId('psql').hidden = !psql;
  setText(byId('psql').querySelector('code'), psql ?? '');
}
