// Runs in each page before its own scripts: tells the moments of an issue. It
// looks at what the Worker says and at the element's state; the pages
// themselves know nothing of it.
(() => {
  const tell = (name) => void window.ingamMoment(name, performance.timeOrigin + performance.now())
  addEventListener('submit', (e) => e.target.closest('ingam-issue') && tell('click'), true)
  window.Worker = class extends Worker {
    constructor(...a) {
      super(...a)
      this.addEventListener('message', ({ data }) => tell(data.step ?? 'made'))
    }
  }
  new MutationObserver((all) => {
    for (const { target } of all) if (target.localName === 'ingam-issue') tell(target.dataset.state)
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'] })
  addEventListener('DOMContentLoaded', () => location.pathname.endsWith('/done') && tell('page'))
})()
