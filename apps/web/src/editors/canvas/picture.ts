/** How a canvas is drawn into a file. */
export interface PictureOptions {
  format: 'png' | 'svg'
  background: 'light' | 'dark' | 'none'
  /** Only what is selected. */
  selection: boolean
}

export type Picture = Blob

/** A file name that every system takes, from a title. */
export function fileNameOf(title: string, extension: string): string {
  const plain = title
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no system takes them
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
    .slice(0, 120)
    .trim()
  return `${plain || 'Canvas'}.${extension}`
}

/** Hands a file to the person, as a download. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
