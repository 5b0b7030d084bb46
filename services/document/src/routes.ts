import {
  documentApi as api,
  EPOCH_HEADER,
  encodeLog,
  documentInternal as internal,
  SEQ_HEADER,
} from '@realtime/contracts'
import { answer, goneSignal, type Route } from '@realtime/kit'
import { readChanges } from '@realtime/kit/database'
import { permissionsIn } from './access.ts'
import { append } from './append.ts'
import { streamAppends } from './append-stream.ts'
import { listClientIds } from './client-ids.ts'
import { commentRoutes } from './comments/routes.ts'
import type { Context } from './context.ts'
import { createDocument, getDocument, listDocuments, updateDocument } from './documents.ts'
import { answerFile, linkFiles, uploadImage } from './files.ts'
import { readFrames } from './frames.ts'
import { join } from './join.ts'
import { libraryRoutes } from './library-routes.ts'
import { streamNews } from './news.ts'
import { createProject, ensureFirstProject, listProjects, updateProject } from './projects.ts'
import { replaceState } from './replacing.ts'
import { restoreVersion } from './restoring.ts'
import { streamRoomNews } from './room-news.ts'
import { sharingRoutes } from './sharing-routes.ts'
import { answerState } from './state.ts'
import { deleteDocument } from './trash.ts'
import { load } from './updates.ts'
import { answerVersion, createVersion, listVersions, renameVersion } from './versions.ts'

/** What people may ask. Fixed paths stand before those with parameters. */
export function publicRoutes(ctx: Context): Route[] {
  return [
    ...libraryRoutes(ctx),
    ...sharingRoutes(ctx),
    ...commentRoutes(ctx),
    answer(api.ensureFirstProject, ({ actor, query }) => ensureFirstProject(ctx, actor, query)),
    answer(api.projects, ({ actor, query }) => listProjects(ctx, actor, query)),
    answer(api.createProject, ({ actor, body }) => createProject(ctx, actor, body)),
    answer(api.updateProject, ({ actor, params, body }) => updateProject(ctx, actor, { ...params, ...body })),
    answer(api.documents, ({ actor, query }) => listDocuments(ctx, actor, query)),
    answer(api.events, ({ actor, query, request, response }) =>
      streamNews(ctx, actor, { ...query, request, response }),
    ),
    answer(api.createDocument, ({ actor, body }) => createDocument(ctx, actor, body)),
    answer(api.getDocument, ({ actor, params }) => getDocument(ctx, actor, params)),
    answer(api.updateDocument, ({ actor, params, body }) => updateDocument(ctx, actor, { ...params, ...body })),
    answer(api.deleteDocument, ({ actor, params }) => deleteDocument(ctx, actor, params)),
    answer(api.state, ({ actor, params, request }) => answerState(ctx, actor, { ...params, request })),
    answer(api.versions, ({ actor, params, query }) => listVersions(ctx, actor, { ...params, ...query })),
    answer(api.createVersion, ({ actor, params, body }) => createVersion(ctx, actor, { ...params, ...body })),
    answer(api.renameVersion, ({ actor, params, body }) => renameVersion(ctx, actor, { ...params, ...body })),
    answer(api.versionState, ({ actor, params, request }) => answerVersion(ctx, actor, { ...params, request })),
    answer(api.restoreVersion, ({ actor, params }) => restoreVersion(ctx, actor, params)),
    answer(api.uploadImage, ({ actor, params, body }) => uploadImage(ctx, actor, { ...params, bytes: body })),
    answer(api.fileLinks, ({ actor, params, body }) => linkFiles(ctx, actor, { ...params, ...body })),
    answer(api.file, ({ params, query, request }) => answerFile(ctx, { ...params, ...query, request })),
  ]
}

/** What other services may ask. */
export function internalRoutes(ctx: Context): Route[] {
  return [
    answer(internal.join, ({ params, body }) => join(ctx, body.actor, { ...params, clientId: body.clientId })),
    answer(internal.load, async ({ params, query }) => {
      const { epoch, seq, frames } = await load(ctx, { ...params, ...query })
      return { body: encodeLog(frames), headers: { [EPOCH_HEADER]: epoch, [SEQ_HEADER]: String(seq) } }
    }),
    answer(internal.append, ({ actor, params, query, body }) =>
      append(ctx, actor, { ...params, ...query, frames: readFrames(body) }),
    ),
    answer(internal.appends, ({ actor, request, response }) => streamAppends(ctx, actor, request, response)),
    answer(internal.access, ({ params, body }) => permissionsIn(ctx, { ...params, ...body })),
    answer(internal.replace, ({ actor, params, body }) => replaceState(ctx, actor, { ...params, body })),
    answer(internal.clientIds, ({ params }) => listClientIds(ctx, params)),
    answer(internal.roomNews, ({ request, response }) => streamRoomNews(ctx, request, response)),
    answer(internal.changes, ({ query, response }) =>
      readChanges(ctx.changes, ctx.changed, query, AbortSignal.any([goneSignal(response), ctx.draining])),
    ),
  ]
}
