// The service worker: keeps the wallet's page and the files it is made of, so
// that the wallet opens without a network, and a page that says so in the place
// of all others. Nothing else is ever kept: no other page, no answer of the
// service. The server writes INGAM before this text.

/** What the server knows and this file can't. */
declare const INGAM: {
  /** Where the files stand, "/assets/<hash>": they never change under it. */
  base: string
  /** The names of all files there are. */
  files: string[]
}

// The parts of the worker's own types that are used; the DOM's library, which
// the rest of this folder needs, has not got them.
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Event {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Scope {
  addEventListener(type: 'install' | 'activate', listen: (event: Waiting) => void): void
  addEventListener(type: 'fetch', listen: (event: Fetching) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  readonly location: Location
}

;((scope: Scope) => {
  const NAME = 'ingam-' + INGAM.base.split('/').pop()
  const WALLET = '/wallet'
  const OFFLINE = '/offline'
  const PATIENCE = 5000 // for a slow network, when the page is at hand

  const isFile = (path: string): boolean => path.startsWith(INGAM.base + '/')
  const languageOf = (page: string): string | undefined => /<html[^>]*\blang="(ko|en)"/.exec(page)?.[1]
  const keyOf = (page: string, language: string): string => `${page}?lang=${language}`

  scope.addEventListener('install', (event) => {
    event.waitUntil(Promise.all([fill(), scope.skipWaiting()]))
  })

  scope.addEventListener('activate', (event) => {
    event.waitUntil(Promise.all([forgetOthers(), scope.clients.claim()]))
  })

  scope.addEventListener('fetch', (event) => {
    const { request } = event
    const { origin, pathname } = new URL(request.url)
    if (request.method !== 'GET' || origin !== scope.location.origin || request.headers.has('range')) return
    if (isFile(pathname)) event.respondWith(file(request))
    // What a form sends never comes through here: the browser itself says whose it is.
    else if (request.mode === 'navigate') event.respondWith(pathname === WALLET ? wallet(request) : page(request))
  })

  // Fonts and pictures are kept when they are seen: a reader needs few of them.
  const needed = INGAM.files.filter((name) => /\.(js|css|svg)$/.test(name) && !/^(apply|gallery|login|passkeys|sw)\.js$/.test(name))

  /** Both languages of the pages, and every script and style sheet it may ask for. */
  async function fill(): Promise<void> {
    const cache = await caches.open(NAME)
    const all = needed.map((name) => keepFile(cache, `${INGAM.base}/${name}`))
    const pages = [WALLET, OFFLINE].flatMap((page) => [keepPage(cache, page, 'ko'), keepPage(cache, page, 'en')])
    await Promise.all([...all, ...pages])
  }

  // While servers are exchanged one after the other, one of another version
  // gives its own file or page under this address. It says so; it is not kept.
  const isLasting = ({ status, type, headers }: Response): boolean =>
    status === 200 && type === 'basic' && /immutable/.test(headers.get('Cache-Control') ?? '')
  const isOurs = (page: string): boolean => page.includes(INGAM.base + '/')

  async function keepFile(cache: Cache, address: string): Promise<void> {
    const answer = await fetch(address)
    if (!isLasting(answer)) throw new TypeError('the file did not come')
    await cache.put(address, answer)
  }

  async function keepPage(cache: Cache, page: string, language: string): Promise<void> {
    // Without the cookie the language is the header's.
    const answer = await fetch(page, { headers: { 'Accept-Language': language }, credentials: 'omit', cache: 'no-store' })
    const text = await answer.clone().text()
    if (!answer.ok || languageOf(text) !== language || !isOurs(text)) throw new TypeError('the page did not come')
    await cache.put(keyOf(page, language), answer)
  }

  /** What is kept; nothing where the browser's storage is out of order. */
  const open = (): Promise<Cache | undefined> => caches.open(NAME).catch(() => undefined)

  async function forgetOthers(): Promise<void> {
    for (const name of await caches.keys()) {
      if (name.startsWith('ingam-') && name !== NAME) await caches.delete(name)
    }
  }

  /** A file of ours: what is kept is what the server would say. */
  async function file(request: Request): Promise<Response> {
    const cache = await open()
    const kept = await cache?.match(request, { ignoreVary: true })
    if (kept) return kept
    const answer = await fetch(request)
    if (isLasting(answer)) await cache?.put(request, answer.clone()).catch(() => undefined) // a full disk keeps nobody waiting
    return answer
  }

  /** The wallet's page: the network's when it comes in time, else the kept one. */
  async function wallet(request: Request): Promise<Response> {
    const cache = await open()
    const kept = cache && (await keptPage(cache, WALLET, request))
    const coming = fetch(request).then(async (answer) => {
      if (answer.status >= 500 && kept) return kept
      if (cache) await remember(cache, answer).catch(() => undefined)
      return answer
    })
    if (!kept) return coming
    const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE))
    return Promise.race([coming, late]).catch(() => kept)
  }

  /** Any other page: the network's, or why there is none. */
  async function page(request: Request): Promise<Response> {
    try {
      return await fetch(request)
    } catch (e) {
      const cache = await open()
      const kept = cache && (await keptPage(cache, OFFLINE, request))
      if (!kept) throw e
      const { headers } = kept
      return new Response(await kept.blob(), { status: 503, headers })
    }
  }

  /** Keeps a page that came under its language, and which language was the last. */
  async function remember(cache: Cache, answer: Response): Promise<void> {
    if (!answer.ok || answer.redirected || answer.type !== 'basic') return
    const text = await answer.clone().text()
    const language = languageOf(text)
    if (!language || !isOurs(text)) return // of another version: its files are not here
    const { status, headers } = answer
    await cache.put(keyOf(WALLET, language), new Response(text, { status, headers }))
    await cache.put('/wallet?last', new Response(language))
  }

  /** The language that was asked for, or seen last, or the browser's. */
  async function keptPage(cache: Cache, page: string, request: Request): Promise<Response | undefined> {
    const asked = new URL(request.url).searchParams.get('lang')
    const last = await (await cache.match('/wallet?last'))?.text()
    const language = asked ?? (await chosen()) ?? last ?? (navigator.language.startsWith('ko') ? 'ko' : 'en')
    return cache.match(keyOf(page, language === 'en' ? 'en' : 'ko'), { ignoreVary: true })
  }

  /** The cookie of the language switch, where a worker may read it. */
  async function chosen(): Promise<string | undefined> {
    const { cookieStore: store } = scope as { cookieStore?: { get(name: string): Promise<{ value?: string } | null> } }
    return (await store?.get('ingam_lang').catch(() => null))?.value
  }
})(globalThis as unknown as Scope)

export {}
