import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readImage } from './images.ts'
import { readSvg } from './svg.ts'

const bytes = (...parts: (string | number[] | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))
const u32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const u16 = (value: number) => [value >>> 8, value & 255]
const box = (type: string, ...parts: (string | number[] | Uint8Array)[]) => {
  const content = bytes(...parts)
  return bytes(u32(content.length + 8), type, content)
}

function png(width: number, height: number, animated = false): Buffer {
  const chunk = (type: string, data: Buffer | number[]) => bytes(u32(data.length), type, data, u32(0))
  const head = bytes(u32(width), u32(height), [8, 2, 0, 0, 0])
  const data = deflateSync(Buffer.alloc(10))
  const actl = animated ? chunk('acTL', [...u32(1), ...u32(0)]) : bytes()
  return bytes('\x89PNG\r\n\x1a\n', chunk('IHDR', head), actl, chunk('IDAT', data), chunk('IEND', []))
}

function jpeg(width: number, height: number, orientation?: number): Buffer {
  const tiff = bytes('MM', u16(42), u32(8), u16(1), u16(274), u16(3), u32(1), u16(orientation ?? 1), u16(0), u32(0))
  const exif = orientation ? bytes([0xff, 0xe1], u16(tiff.length + 8), 'Exif\0\0', tiff) : bytes()
  const jfif = bytes([0xff, 0xe0], u16(16), 'JFIF\0', [1, 1, 0], u16(1), u16(1), [0, 0])
  const frame = bytes([0xff, 0xc0], u16(11), [8], u16(height), u16(width), [1, 1, 0x11, 0])
  return bytes([0xff, 0xd8], orientation ? exif : jfif, frame, [0xff, 0xd9])
}

const gif = (width: number, height: number) =>
  bytes('GIF89a', [width & 255, width >> 8, height & 255, height >> 8], [0, 0, 0, 0x3b])
const webp = (width: number, height: number) => {
  const le24 = (value: number) => [value & 255, (value >> 8) & 255, value >> 16]
  const content = bytes('WEBPVP8X', [10, 0, 0, 0], [0, 0, 0, 0], le24(width - 1), le24(height - 1))
  return bytes('RIFF', [content.length, 0, 0, 0], content)
}
const avif = (width: number, height: number) => {
  const ispe = box('ispe', u32(0), u32(width), u32(height))
  return bytes(
    box('ftyp', 'avif', u32(0), 'avifmif1'),
    box('meta', u32(0), box('hdlr', u32(0)), box('iprp', box('ipco', ispe))),
    box('mdat', [0]),
  )
}
const svg = (text: string) => Buffer.from(text, 'utf8')
const refused = (detail: RegExp) => ({ key: 'invalid-file', message: expect.stringMatching(detail) })

describe('an image', () => {
  test.each([
    ['image/png', png(30, 20)],
    ['image/apng', png(30, 20, true)],
    ['image/jpeg', jpeg(30, 20)],
    ['image/gif', gif(30, 20)],
    ['image/webp', webp(30, 20)],
    ['image/avif', avif(30, 20)],
    ['image/svg+xml', svg('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>')],
  ])('%s is known by its bytes, with its size', async (type, data) => {
    expect(await readImage(data)).toEqual({ type, width: 30, height: 20 })
  })

  test('that a camera held upright is as high as it is shown', async () => {
    expect(await readImage(jpeg(30, 20, 6))).toMatchObject({ width: 20, height: 30 })
    expect(await readImage(jpeg(30, 20, 3))).toMatchObject({ width: 30, height: 20 })
  })

  test.each([
    ['nothing', bytes(), /empty/],
    ['text', svg('hello'), /Only PNG/],
    ['a page', svg('<html><svg></svg></html>'), /Only PNG/],
    ['a PDF', bytes('%PDF-1.7\n'), /Only PNG/],
    ['a zip', bytes('PK\x03\x04', new Uint8Array(60)), /Only PNG/],
    ['a PNG cut in its head', png(30, 20).subarray(0, 20), /Only PNG|damaged/],
    ['a JPEG cut in its head', jpeg(30, 20).subarray(0, 18), /damaged/],
    ['a WebP cut in its head', webp(30, 20).subarray(0, 22), /Only PNG|damaged|no size/],
    ['an AVIF cut in its head', avif(30, 20).subarray(0, 60), /damaged/],
    ['no width', gif(0, 20), /no size/],
    ['no height', png(30, 0), /no size/],
    ['a bomb', png(50_000, 50_000), /too large: 50000 × 50000/],
    ['an SVG bomb', svg('<svg width="1e9" height="1e9"/>'), /too large/],
  ])('is not %s', async (_name, data, detail) => {
    await expect(readImage(data)).rejects.toMatchObject(refused(detail))
  })

  test('that never comes to its size is given up soon', async () => {
    const began = performance.now()
    const endless = bytes([0xff, 0xd8, 0xff, 0xe0], new Uint8Array(25 * 1024 * 1024 - 4))
    await expect(readImage(endless)).rejects.toMatchObject(refused(/damaged/))
    const deep = svg('<svg '.repeat(1_000_000))
    await expect(readImage(deep)).rejects.toMatchObject(refused(/Only PNG/))
    for (const head of ['<!DOCTYPE>', '<?x?>', '<!---->', ' ']) {
      const long = svg(head.repeat((24 * 1024 * 1024) / head.length))
      await expect(readImage(long)).rejects.toMatchObject(refused(/Only PNG/))
    }
    expect(performance.now() - began).toBeLessThan(3_000)
  })
})

describe('an SVG', () => {
  const prolog = '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<!-- a > b -->\n<?style x?>'
  const doctype = '<!DOCTYPE svg [ <!ENTITY ns "http://www.w3.org/2000/svg"> ]>'
  test.each([
    ['<svg/>', null, null],
    [`${prolog}${doctype}<svg width="4px" height='2.5cm'>`, 4, 94],
    ['<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg:svg xmlns:svg="x" viewBox="0,0 40 20">', 40, 20],
    ['<svg width="100%" height="100%" viewBox="0 0 40 20">', 40, 20],
    ['<svg width="80" viewBox="0 0 40 20">', 80, 40],
    ['<svg width="1constructor" height="2"/>', null, 2],
    ['<svg width="a > b" onload="alert(1)"><script>alert(1)</script></svg>', null, null],
  ])('%s', (text, width, height) => {
    expect(readSvg(svg(text))).toEqual({ width, height })
  })

  test.each([
    '<svg',
    '<svgx/>',
    '<svg width=4>',
    'x<svg/>',
    '<!-- <svg/>',
    '<?xml version="1.0" encoding="latin1"?><svg/>',
    '<!DOCTYPE svg [ <svg/>',
  ])('is not %s', (text) => {
    expect(readSvg(svg(text))).toBeNull()
  })

  test('is UTF-8', () => {
    expect(readSvg(Buffer.from('<svg/>', 'utf16le'))).toBeNull()
    expect(readSvg(bytes('<svg title="\xe9"/>'))).toBeNull()
  })
})
