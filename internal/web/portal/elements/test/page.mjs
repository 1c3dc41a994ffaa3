/** As much of a page as modules without elements look at. */
export function withPage(texts) {
  globalThis.document = {
    documentElement: { lang: 'ko' },
    getElementById: (id) => (id === 'texts' ? { textContent: JSON.stringify(texts) } : null),
    dispatchEvent: () => true,
  }
}
