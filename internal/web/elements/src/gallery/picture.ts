/** Something of a card's shape with print on it, drawn here: no person's card. */
export async function painted(sort: 'sharp' | 'blurred'): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = 1270
  canvas.height = 800
  const c = canvas.getContext('2d')
  if (!c) throw new Error('no canvas')
  if (sort === 'blurred') c.filter = 'blur(14px)'
  c.fillStyle = '#dfe7ef'
  c.fillRect(0, 0, 1270, 800)
  c.fillStyle = '#9fb3c8'
  c.fillRect(900, 160, 280, 360)
  c.fillStyle = '#1e2124'
  c.font = '700 64px sans-serif'
  c.fillText('견본', 90, 160)
  c.font = '40px sans-serif'
  for (let i = 0; i < 8; i++) c.fillText('가나다라 마바사 0123456789', 90, 260 + 60 * i)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (!blob) throw new Error('no picture')
  return new File([blob], 'sample.png', { type: 'image/png' })
}
