// What has changed since the page was made.
import { announce } from '../base'
import { say } from '../say'

/** Offers what is new as a button; the page stays as it is until that is pressed. */
export function offer(text: string): void {
  const news = document.querySelector<HTMLElement>('[data-news]')
  const place = news?.querySelector('[data-news-text]')
  if (!news || !place || (place.textContent === text && !news.hidden)) return
  place.textContent = text
  news.hidden = false
  announce(text)
}

/** Takes the offer back. */
export const withdraw = (): void => {
  const news = document.querySelector<HTMLElement>('[data-news]')
  if (news) news.hidden = true
}

/** Says that answers stay away, and shows by the counts that they are old. */
export function failed(is: boolean): void {
  document.body.toggleAttribute('data-stale', is)
  if (is) announce(say('b.news.offline'))
}
