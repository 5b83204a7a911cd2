/** Small words for the document. */

export const byId = (id) => document.getElementById(id);
export const fromTemplate = (id) => byId(id).content.cloneNode(true);

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');
export const motionAllowed = () => !calm.matches;

/** 4 ms, 1.2 s, 3 min. */
export function duration(millis) {
  if (millis < 1000) {
    return `${Math.max(0, Math.round(millis))} ms`;
  }
  if (millis < 60_000) {
    return `${(millis / 1000).toFixed(millis < 9_950 ? 1 : 0)} s`;
  }
  if (millis < 3_600_000) {
    return `${Math.round(millis / 60_000)} min`;
  }
  return millis < 86_400_000 ? `${Math.round(millis / 3_600_000)} h` : `${Math.round(millis / 86_400_000)} d`;
}

/** The first line of "io.shop.PaymentFailedException: The provider is down ...", without the names of classes. */
export const reason = (error) => (error ?? 'No reason was given').split('\n')[0]
  .replace(/^(?:[\w$]+\.)+[\w$]+: /, '')
  .replace(/^The payload does not fit [\w.$]+: (?:Cannot construct instance of `[\w.$]+`, problem: )?/, 'The payload does not fit: ');
