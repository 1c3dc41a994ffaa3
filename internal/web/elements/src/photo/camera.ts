/** Why the camera can't be used, for the words to say. */
export type CameraTrouble = 'denied' | 'none' | 'busy'

/** A camera that is on. It is off after stop(), whatever happens. */
export class Camera {
  #stream: MediaStream | undefined
  #stopped = false

  /** Whether this browser lets pages ask for a camera at this address. */
  static get possible(): boolean {
    return !!globalThis.navigator?.mediaDevices?.getUserMedia
  }

  /** Shows the camera that looks away from the person, if there is one. */
  async start(video: HTMLVideoElement): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    })
    if (this.#stopped) return off(stream) // closed while the person was asked
    this.#stream = stream
    video.srcObject = stream
    await video.play().catch(() => undefined) // a dialog closed at once interrupts it
  }

  stop(): void {
    this.#stopped = true
    if (this.#stream) off(this.#stream)
    this.#stream = undefined
  }
}

function off(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

export function troubleOf(e: unknown): CameraTrouble {
  const name = e instanceof DOMException ? e.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none'
  return 'busy'
}
