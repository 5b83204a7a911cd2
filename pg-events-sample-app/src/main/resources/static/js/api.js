/** The shop's HTTP interface. A request that is refused throws a Refused with the server's advice; a server that is away, an Away. */

/** Also right for pages that are not at the root. */
const ROOT = new URL('../', import.meta.url);

export class Refused extends Error {}
export class Away extends Error {}

async function send(path, options = {}) {
  let response;
  try {
    response = await fetch(new URL(path, ROOT), { ...options, signal: AbortSignal.timeout(8000), cache: 'no-store' });
  } catch {
    throw new Away('The shop does not answer.');
  }
  if (response.ok) {
    const text = await response.text();
    return text ? JSON.parse(text) : null;
  }
  const problem = await response.json().catch(() => ({}));
  if (response.status >= 500) {
    throw new Away(problem.detail ?? `The shop answered with ${response.status}.`);
  }
  throw new Refused(problem.detail ?? `The shop refused this with ${response.status}.`);
}

const json = (method, body) => ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export const newestOrders = () => send('orders');
export const shop = () => send('shop');
export const place = (order) => send('orders', json('POST', order));
export const replayOrder = (id) => send(`orders/${id}/replay`, { method: 'POST' });
export const replayLetter = (id) => send(`shop/dead-letters/${id}/replay`, { method: 'POST' });
export const replayAll = (subscription) =>
  send(`shop/dead-letters/replay?subscription=${encodeURIComponent(subscription)}`, { method: 'POST' });
export const switchPayments = (up) => send(`shop/payments?up=${up}`, { method: 'PUT' });

const at = (name) => `profile/${encodeURIComponent(name)}`;
export const profiles = () => send('profiles');
export const like = (name) => send(`${at(name)}/likes`, { method: 'POST' });
export const followers = (name, visitor) => send(`${at(name)}/followers?as=${encodeURIComponent(visitor)}`);
export const follow = (name, visitor, yes) =>
  send(`${at(name)}/followers?as=${encodeURIComponent(visitor)}`, { method: yes ? 'POST' : 'DELETE' });
export const stream = (name) => new EventSource(new URL(`${at(name)}/stream`, ROOT));
