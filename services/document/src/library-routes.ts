import { libraryApi as api } from '@realtime/contracts'
import { answer, type Route } from '@realtime/kit'
import type { Context } from './context.ts'
import { duplicateDocument } from './duplicating.ts'
import { addFavourite, listFavourites, removeFavourite } from './favourites.ts'
import { moveDocument } from './moving.ts'
import { listNotifications, readNotifications } from './notifications.ts'
import { deleteProject, moveProject } from './project-order.ts'
import { searchDocuments } from './search.ts'
import { listTrash, purgeDocument, restoreDocument } from './trash.ts'
import { listChildren, listPath, listSharedWithMe } from './tree.ts'
import { listRecent, noteVisit } from './visits.ts'

/** How people keep and find documents. Fixed paths stand before those with parameters. */
export function libraryRoutes(ctx: Context): Route[] {
  return [
    answer(api.children, ({ actor, query }) => listChildren(ctx, actor, query)),
    answer(api.sharedWithMe, ({ actor, query }) => listSharedWithMe(ctx, actor, query)),
    answer(api.trash, ({ actor, query }) => listTrash(ctx, actor, query)),
    answer(api.favourites, ({ actor, query }) => listFavourites(ctx, actor, query)),
    answer(api.recent, ({ actor, query }) => listRecent(ctx, actor, query)),
    answer(api.search, ({ actor, query }) => searchDocuments(ctx, actor, query)),
    answer(api.notifications, ({ actor, query }) => listNotifications(ctx, actor, query)),
    answer(api.readNotifications, ({ actor, body }) => readNotifications(ctx, actor, body)),
    answer(api.path, ({ actor, params }) => listPath(ctx, actor, params)),
    answer(api.move, ({ actor, params, body }) => moveDocument(ctx, actor, { ...params, ...body })),
    answer(api.duplicate, ({ actor, params, body }) => duplicateDocument(ctx, actor, { ...params, ...body })),
    answer(api.restoreDocument, ({ actor, params }) => restoreDocument(ctx, actor, params)),
    answer(api.purge, ({ actor, params }) => purgeDocument(ctx, actor, params)),
    answer(api.addFavourite, ({ actor, params, body }) => addFavourite(ctx, actor, { ...params, ...body })),
    answer(api.removeFavourite, ({ actor, params }) => removeFavourite(ctx, actor, params)),
    answer(api.visit, ({ actor, params }) => noteVisit(ctx, actor, params)),
    answer(api.moveProject, ({ actor, params, body }) => moveProject(ctx, actor, { ...params, ...body })),
    answer(api.deleteProject, ({ actor, params }) => deleteProject(ctx, actor, params)),
  ]
}
