import type { Slide } from '@realtime/resources'
import { useEffect } from 'react'
import type { Images } from './file-links.ts'
import { filesOf } from './files-of.ts'

/** Fetches the images of a slide before it is shown. */
export function useImagesAhead(slide: Slide | undefined, images: Images): void {
  useEffect(() => {
    for (const file of slide ? filesOf([slide]) : []) {
      const url = images(file)
      if (url) new Image().src = url
    }
  }, [slide, images])
}
