import { byId } from './dom.js';

const CUSTOMERS = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Katherine', 'Donald', 'Radia', 'Tony', 'Hedy', 'Niklaus', 'Frances'];
const any = (list) => list[Math.floor(Math.random() * list.length)];

/** The form, and the SQL that places the same order. */
export class OrderForm {
  #form = byId('order-form');

  constructor(onPlace) {
    this.#suggestCustomer();
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      onPlace([this.order()]).then((placed) => placed && this.#suggestCustomer());
    });
    byId('place-many').addEventListener('click', () => onPlace(Array.from({ length: 20 }, () => this.#anyOrder())));
    byId('less').addEventListener('click', () => this.#step(-1));
    byId('more').addEventListener('click', () => this.#step(1));
    byId('copy').addEventListener('click', () => this.#copy());
    this.#form.addEventListener('input', () => this.#showSql());
    this.#showSql();
  }

  order() {
    const data = new FormData(this.#form);
    return { customer: data.get('customer'), item: data.get('item'), quantity: Number(data.get('quantity')) };
  }

  complain(message) {
    byId('form-error').hidden = !message;
    byId('form-error').textContent = message ?? '';
  }

  #anyOrder() {
    return { customer: any(CUSTOMERS), item: any(['book', 'book', 'book', 'lamp', 'lamp', 'teapot']), quantity: 1 + Math.floor(Math.random() * 3) };
  }

  #suggestCustomer() {
    const field = byId('customer');
    const others = CUSTOMERS.filter((name) => name !== field.value);
    if (field.value === '' || CUSTOMERS.includes(field.value)) {
      field.value = any(others);
    }
    this.#showSql();
  }

  #step(by) {
    const field = byId('quantity');
    field.value = Math.min(100, Math.max(1, (Number(field.value) || 1) + by));
    this.#showSql();
  }

  #showSql() {
    const { customer, item, quantity } = this.order();
    const quoted = (text) => JSON.stringify(text).replaceAll("'", "''");
    const parts = [
      ['keyword', 'INSERT INTO'], ['', ' event_queue (topic, payload)\n'],
      ['keyword', 'VALUES'], ['', ' ('], ['text', "'order.placed'"], ['', ', '],
      ['text', `'{\n  "customer": ${quoted(customer)},\n  "item": ${quoted(item)},\n  "quantity": ${quantity}}'`], ['', ');'],
    ];
    byId('sql').replaceChildren(...parts.map(([name, text]) => {
      const part = document.createElement('span');
      part.className = name;
      part.textContent = text;
      return part;
    }));
  }

  async #copy() {
    const button = byId('copy');
    try {
      await navigator.clipboard.writeText(`${byId('sql').textContent}\n`);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(byId('sql'));
      button.textContent = 'Selected';
    }
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1600);
  }
}
