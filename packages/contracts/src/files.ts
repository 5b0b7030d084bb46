import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'

/** Largest file, in bytes. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024
/** Largest image, in pixels: what a browser can still decode without harm. */
export const MAX_IMAGE_PIXELS = 50_000_000

/** The SHA-256 of a file's bytes in base64url: equal bytes are one file. */
export const fileId = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the id of a file')

/** Bytes that belong to a resource: images of canvases, slides and documents. Never in the Yjs state. */
export const storedFile = z.object({
  id: fileId,
  /** By the bytes themselves, not by what the sender said. */
  type: z.string(),
  size: z.number().int(),
  /** Of an image, in pixels. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
})
export type StoredFile = z.infer<typeof storedFile>

const byId = z.object({ id })

/** Files of a resource. Reading needs `read`, uploading `write`. */
export const fileApi = {
  uploadImage: endpoint({
    method: 'POST',
    path: '/documents/:id/files',
    summary: 'Store an image (PNG, JPEG, GIF, WebP, AVIF or SVG) for a resource; storing it again changes nothing',
    access: 'user',
    params: byId,
    body: 'binary',
    maxBody: MAX_FILE_BYTES,
    response: storedFile,
    status: 201,
  }),
  fileLinks: endpoint({
    method: 'POST',
    path: '/documents/:id/files/links',
    summary: 'Addresses of files for whoever reads the resource, each good for about an hour; unknown files have none',
    access: 'user',
    params: byId,
    body: z.strictObject({ files: z.array(fileId).min(1).max(200) }),
    response: z.object({
      links: z.array(z.object({ file: fileId, url: z.string(), type: z.string() })),
      expiresAt: z.string(),
    }),
  }),
  file: endpoint({
    method: 'GET',
    path: '/documents/:id/files/:file',
    summary: 'The bytes of a file by a signed address; takes Range. Anything but a raster image is an attachment',
    access: 'public',
    params: z.object({ id, file: fileId }),
    query: z.object({ expires: z.coerce.number().int(), signature: z.string().max(100) }),
    response: 'binary',
  }),
}
