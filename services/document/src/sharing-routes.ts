import { sharingApi as api } from '@realtime/contracts'
import { answer, type Route } from '@realtime/kit'
import type { Context } from './context.ts'
import { explainDocument, explainProject } from './explaining.ts'
import { createLink, revokeLink, updateLink } from './links.ts'
import { openLink, previewLink } from './opening.ts'
import {
  listProjectShares,
  listShares,
  shareDocument,
  shareProject,
  unshareDocument,
  unshareProject,
} from './shares.ts'

/** How people let others in. Fixed paths stand before those with parameters. */
export function sharingRoutes(ctx: Context): Route[] {
  return [
    answer(api.previewLink, ({ body }) => previewLink(ctx, body)),
    answer(api.openLink, ({ body }) => openLink(ctx, body)),
    answer(api.projectShares, ({ actor, params }) => listProjectShares(ctx, actor, params)),
    answer(api.shareProject, ({ actor, params, body }) => shareProject(ctx, actor, { ...params, ...body })),
    answer(api.unshareProject, ({ actor, params }) => unshareProject(ctx, actor, params)),
    answer(api.explainProject, ({ actor, params, query }) => explainProject(ctx, actor, { ...params, ...query })),
    answer(api.shares, ({ actor, params }) => listShares(ctx, actor, params)),
    answer(api.share, ({ actor, params, body }) => shareDocument(ctx, actor, { ...params, ...body })),
    answer(api.unshare, ({ actor, params }) => unshareDocument(ctx, actor, params)),
    answer(api.explain, ({ actor, params, query }) => explainDocument(ctx, actor, { ...params, ...query })),
    answer(api.createLink, ({ actor, params, body }) => createLink(ctx, actor, { ...params, ...body })),
    answer(api.updateLink, ({ actor, params, body }) => updateLink(ctx, actor, { ...params, ...body })),
    answer(api.revokeLink, ({ actor, params }) => revokeLink(ctx, actor, params)),
  ]
}
