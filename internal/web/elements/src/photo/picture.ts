import { greyOf, hints, MEASURED, type Hint } from './measure'

/** A picture ready to be sent, with what may be wrong with it. */
export interface Picture {
  file: File
  hints: Hint[]
  width: number
  height: number
}

/** The part of a picture to keep, in its own pixels. */
export interface Part {
  x: number
  y: number
  width: number
  height: number
}

const LARGEST = 2000
const MAX_FILE = 30 << 20
const MAX_PIXELS = 60_000_000

/** A file that is no picture, or one too large to draw. */
export class PictureError extends Error {
  constructor(readonly reason: 'format' | 'large') {
    super(reason)
  }
}

/** Reads a file as a picture, upright, and draws it anew: what the camera wrote into the file stays behind. */
export async function fromFile(file: File): Promise<Picture> {
  if (file.size > MAX_FILE) throw new PictureError('large')
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new PictureError('format')
  })
  try {
    if (bitmap.width * bitmap.height > MAX_PIXELS) throw new PictureError('large')
    return await draw(bitmap, { x: 0, y: 0, width: bitmap.width, height: bitmap.height })
  } finally {
    bitmap.close()
  }
}

/** Takes what a video shows at this moment, within a part of it. */
export function fromVideo(video: HTMLVideoElement, part: Part): Promise<Picture> {
  return draw(video, part)
}

/**
 * The part of a video under the frame that is drawn over it: a card's shape in
 * the middle, with a little around it. The video covers its box, so some of it
 * may be cut off at the sides.
 */
export function framed(video: { width: number; height: number }, ratio = 1.586, inset = 0.04): Part {
  const shown = Math.min(video.width, video.height * ratio)
  const width = shown * (1 - 2 * inset)
  const height = Math.min(video.height, width / ratio)
  return { x: (video.width - width) / 2, y: (video.height - height) / 2, width, height }
}

async function draw(source: CanvasImageSource, part: Part): Promise<Picture> {
  const scale = Math.min(1, LARGEST / Math.max(part.width, part.height))
  const width = Math.max(1, Math.round(part.width * scale))
  const height = Math.max(1, Math.round(part.height * scale))
  const canvas = paint(source, part, width, height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
  if (!blob) throw new PictureError('format')
  const small = Math.min(1, MEASURED / width)
  const [w, h] = [Math.max(1, Math.round(width * small)), Math.max(1, Math.round(height * small))]
  const measured = paint(canvas, { x: 0, y: 0, width, height }, w, h).getContext('2d')
  const rgba = measured?.getImageData(0, 0, w, h).data ?? new Uint8ClampedArray()
  return { file: new File([blob], 'id-card.jpg', { type: 'image/jpeg' }), hints: hints(width, height, greyOf(w, h, rgba)), width, height }
}

function paint(source: CanvasImageSource, { x, y, width, height }: Part, w: number, h: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = w
  canvas.height = h
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new PictureError('format')
  context.fillStyle = '#ffffff' // under what is transparent
  context.fillRect(0, 0, w, h)
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, x, y, width, height, 0, 0, w, h)
  return canvas
}
