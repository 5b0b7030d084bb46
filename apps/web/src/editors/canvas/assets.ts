// Before Excalidraw is loaded: where it finds its fonts (`tools/fonts.mjs` puts them there). It names another origin as
// a second source of each, which browsers look at even when they need not: fonts come from our own origin only.
declare global {
  interface Window {
    EXCALIDRAW_ASSET_PATH?: string
  }
}

window.EXCALIDRAW_ASSET_PATH = '/excalidraw/'

const Original = window.FontFace

window.FontFace = class extends Original {
  constructor(family: string, source: string | BufferSource, descriptors?: FontFaceDescriptors) {
    super(family, typeof source === 'string' ? ownSources(source) : source, descriptors)
  }
}

/** The sources of a font without those of other origins; all of them where none would be left. */
function ownSources(source: string): string {
  const all = source.split(/,\s*(?=url\(|local\()/)
  const own = all.filter((one) => !/^url\(["']?https?:/.test(one) || one.includes(location.origin))
  return own.length > 0 ? own.join(', ') : source
}

export {}
