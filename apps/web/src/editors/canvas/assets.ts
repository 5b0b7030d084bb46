// Before Excalidraw is loaded: where it finds its fonts (`tools/fonts.mjs` puts them there), else it asks another origin.
declare global {
  interface Window {
    EXCALIDRAW_ASSET_PATH?: string
  }
}

window.EXCALIDRAW_ASSET_PATH = '/excalidraw/'

export {}
