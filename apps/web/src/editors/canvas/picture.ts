/** How a canvas is drawn into a file. */
export interface PictureOptions {
  format: 'png' | 'svg'
  background: 'light' | 'dark' | 'none'
  /** Only what is selected. */
  selection: boolean
}

export type Picture = Blob
