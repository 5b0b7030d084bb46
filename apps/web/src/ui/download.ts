/** Longest name of a file, in characters, without what tells its type. */
const LONGEST_NAME = 120

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

/** A file name that every system takes, from a title; `otherwise` where nothing of the title is left. */
export function fileNameOf(title: string, extension: string, otherwise: string): string {
  const plain = title
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+|\.+$/g, '')
  return `${[...plain].slice(0, LONGEST_NAME).join('').trim() || otherwise}.${extension}`
}
