import { format, type Values } from './format'

let texts: Record<string, string> | undefined

function load(): Record<string, string> {
  const raw = document.getElementById('texts')?.textContent
  try {
    return raw ? (JSON.parse(raw) as Record<string, string>) : {}
  } catch {
    return {}
  }
}

/**
 * A text of the page's catalogue with values put in. What can't be found shows
 * as its key: a page with a gap is better than none.
 */
export function say(key: string, values?: Values): string {
  texts ??= load()
  const text = texts[key]
  return text === undefined ? key : format(text, values)
}

/** The page's language. */
export function language(): 'ko' | 'en' {
  return document.documentElement.lang.startsWith('en') ? 'en' : 'ko'
}

const locale = (): string => (language() === 'en' ? 'en-GB' : 'ko-KR')
const ZONE = 'Asia/Seoul' // a bank's days are Korean days, wherever one reads them

/** 2027년 3월 14일 (일); 14 March 2027 (Sun). */
export function sayDate(at: Date): string {
  const day = new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeZone: ZONE }).format(at)
  const weekday = new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: ZONE }).format(at)
  return `${day} (${weekday})`
}

/** The same with the time of day: 2027년 3월 14일 (일) 23:59. */
export function sayTime(at: Date): string {
  return `${sayDate(at)} ${sayClock(at)}`
}

/** 23:59. */
export function sayClock(at: Date): string {
  return new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: ZONE,
  }).format(at)
}

/** Seconds as 4:05. */
export function sayLeft(seconds: number): string {
  const s = Math.max(0, Math.ceil(seconds))
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}
