// A stand-in for the notebook's model in a page without a kernel: traits, and who wants to hear of their changes.

/** What the page carries under a name, or null. */
export function readPageData(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

/** Speaks as a notebook's model does; nothing leaves the page. */
export class PageModel {
  constructor(traits) {
    this.traits = { ...traits };
    this.listeners = new Map();
  }

  get(name) {
    return this.traits[name];
  }

  set(name, value) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const handler of [...(this.listeners.get(`change:${name}`) ?? [])]) handler(this, value);
  }

  on(event, handler) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(handler);
  }

  off(event, handler) {
    this.listeners.get(event)?.delete(handler);
  }

  save_changes() {}

  send() {}
}
