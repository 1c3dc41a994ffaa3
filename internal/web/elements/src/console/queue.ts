// Lists that change while one looks: the counts beside the links are set, and what
// is new is offered as a button. Rows never move by themselves.
import { say } from '../say'
import { ask, browser, type Source } from './ask'
import { fresh } from './lists'
import { failed, offer } from './news'

interface Counts { counts: Record<string, number>; revision: string }
interface List { ids: string[] }

function count(counts: Record<string, number>): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-count]')) {
    const n = counts[place.dataset.count!]
    if (n !== undefined) place.textContent = String(n)
  }
}

/** Watches the queues, and the list that the page shows. */
export function watchQueue(source: Source = browser): void {
  const list = document.querySelector<HTMLElement>('[data-queue]')
  const shown = list?.dataset.ids?.split(' ').filter(Boolean) ?? []
  let revision = list?.dataset.revision
  void ask('/console/queue.json', async (answer) => {
    const { counts, revision: now } = answer as Counts
    count(counts)
    if (!list || now === revision) return
    const got = await source.get('/console/queue.json?list=' + encodeURIComponent(list.dataset.queue!))
    if (!got.ok) throw new Error(String(got.status))
    revision = now
    const { ids } = (await got.json()) as List
    const n = fresh(ids, shown)
    if (n) offer(say('b.news.queue', { n }))
    else offer(say('b.news.changed'))
  }, failed, source)
}

for (const button of document.querySelectorAll('[data-news-load]')) button.addEventListener('click', () => location.assign(location.pathname + location.search))
if (document.querySelector('[data-count]')) watchQueue()
