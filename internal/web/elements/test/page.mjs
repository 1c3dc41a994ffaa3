/** As much of a page as modules without elements look at; ahead is how far the bank's clock is, in ms. */
export function withPage(texts, ahead) {
  globalThis.document = {
    documentElement: { lang: 'ko' },
    getElementById: (id) => (id === 'texts' ? { textContent: JSON.stringify(texts) } : null),
    querySelector: (query) => (query === 'meta[name="ingam-ahead"]' && ahead !== undefined ? { content: String(ahead) } : null),
    dispatchEvent: () => true,
  }
}
