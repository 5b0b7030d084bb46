import {
  auditApi,
  auditInternal,
  billingApi,
  billingInternal,
  organizationApi,
  organizationInternal,
  teamApi,
} from '@realtime/contracts'
import { answer, goneSignal, router } from '@realtime/kit'
import { readChanges } from '@realtime/kit/database'
import { type RequestHandler, Router } from 'express'
import { readAudit } from './audit/entries.ts'
import { exportAudit } from './audit/export.ts'
import { receiveNotes } from './audit/received.ts'
import { beginCheckout, openPortal } from './billing/checkout.ts'
import { spendCredit } from './billing/credits.ts'
import { entitlementsOf, readEntitlements } from './billing/entitlements.ts'
import { receiveEvent } from './billing/events.ts'
import { readOverview, syncedOverview } from './billing/overview.ts'
import { reportUsage } from './billing/usage.ts'
import type { Context } from './context.ts'
import { cancelDeletion, requestDeletion } from './deletion.ts'
import { invite, listInvitations, resendInvitation, revokeInvitation } from './invitations/inviting.ts'
import { acceptInvitation, previewInvitation } from './invitations/joining.ts'
import { leaveAll, waysOut } from './leaving.ts'
import { changeRole, listMembers, removeMember } from './members.ts'
import { findMemberships, findStanding, listMemberships, listRoster } from './memberships.ts'
import { createOrganization, getOrganization, listOrganizations, updateOrganization } from './organizations.ts'
import { transferOwnership } from './ownership.ts'
import { ensurePersonal } from './personal.ts'
import { addTeamMember, findTeams, listTeamMembers, removeTeamMember } from './team-members.ts'
import { createTeam, deleteTeam, listTeams, renameTeam } from './teams.ts'

/** The public routes. */
export function publicRoutes(ctx: Context): Router {
  const api = organizationApi
  const routes = [
    answer(api.leaveAll, ({ actor }) => leaveAll(ctx, actor)),
    answer(api.waysOut, ({ actor }) => waysOut(ctx, actor)),
    answer(api.ensurePersonal, ({ actor }) => ensurePersonal(ctx, actor)),
    answer(api.list, ({ actor }) => listOrganizations(ctx, actor)),
    answer(api.create, ({ actor, body }) => createOrganization(ctx, actor, body)),
    answer(api.previewInvitation, ({ body }) => previewInvitation(ctx, body)),
    answer(api.acceptInvitation, ({ actor, body }) => acceptInvitation(ctx, actor, body)),
    answer(api.get, ({ actor, params }) => getOrganization(ctx, actor, params)),
    answer(api.update, ({ actor, params, body }) => updateOrganization(ctx, actor, { ...params, ...body })),
    answer(api.delete, ({ actor, params, body }) => requestDeletion(ctx, actor, { ...params, ...body })),
    answer(api.cancelDeletion, ({ actor, params }) => cancelDeletion(ctx, actor, params)),
    answer(api.transferOwnership, ({ actor, params, body }) => transferOwnership(ctx, actor, { ...params, ...body })),
    answer(api.members, ({ actor, params }) => listMembers(ctx, actor, params)),
    answer(api.updateMember, ({ actor, params, body }) => changeRole(ctx, actor, { ...params, ...body })),
    answer(api.removeMember, ({ actor, params }) => removeMember(ctx, actor, params)),
    answer(api.invite, ({ actor, params, body }) => invite(ctx, actor, { ...params, ...body })),
    answer(api.resendInvitation, ({ actor, params }) => resendInvitation(ctx, actor, params)),
    answer(api.invitations, ({ actor, params }) => listInvitations(ctx, actor, params)),
    answer(api.revokeInvitation, ({ actor, params }) => revokeInvitation(ctx, actor, params)),
  ]
  const teams = [
    answer(teamApi.teams, ({ actor, params }) => listTeams(ctx, actor, params)),
    answer(teamApi.createTeam, ({ actor, params, body }) => createTeam(ctx, actor, { ...params, ...body })),
    answer(teamApi.renameTeam, ({ actor, params, body }) => renameTeam(ctx, actor, { ...params, ...body })),
    answer(teamApi.deleteTeam, ({ actor, params }) => deleteTeam(ctx, actor, params)),
    answer(teamApi.teamMembers, ({ actor, params }) => listTeamMembers(ctx, actor, params)),
    answer(teamApi.addTeamMember, ({ actor, params }) => addTeamMember(ctx, actor, params)),
    answer(teamApi.removeTeamMember, ({ actor, params }) => removeTeamMember(ctx, actor, params)),
  ]
  const audit = [
    answer(auditApi.audit, ({ actor, params, query }) => readAudit(ctx, actor, { ...params, ...query })),
    answer(auditApi.exportAudit, ({ actor, params, query }) => exportAudit(ctx, actor, { ...params, ...query })),
  ]
  const billing = [
    answer(billingApi.webhook, ({ body, request }) =>
      receiveEvent(ctx, { body, signature: request.get('stripe-signature') }),
    ),
    answer(billingApi.overview, ({ actor, params }) => readOverview(ctx, actor, params)),
    answer(billingApi.checkout, ({ actor, params, body }) => beginCheckout(ctx, actor, { ...params, ...body })),
    answer(billingApi.portal, ({ actor, params }) => openPortal(ctx, actor, params)),
    answer(billingApi.sync, ({ actor, params }) => syncedOverview(ctx, actor, params)),
    answer(billingApi.entitlements, ({ actor, params }) => readEntitlements(ctx, actor, params)),
    answer(billingApi.spendCredit, ({ actor, params, body }) => spendCredit(ctx, actor, { ...params, ...body })),
  ]
  return Router()
    .use(personal)
    .use(router([...routes, ...teams, ...audit, ...billing], { users: ctx.users }))
}

/** The routes for other services, on the internal port. */
export function internalRoutes(ctx: Context): Router {
  const api = organizationInternal
  const routes = [
    answer(api.memberships, ({ query }) => listMemberships(ctx, query)),
    answer(api.members, ({ params, body }) => findMemberships(ctx, { ...params, ...body })),
    answer(api.roster, ({ params }) => listRoster(ctx, params)),
    answer(api.standing, ({ params }) => findStanding(ctx, params)),
    answer(api.teams, ({ params, body }) => findTeams(ctx, { ...params, ...body })),
    answer(auditInternal.note, ({ params, body }) => receiveNotes(ctx, { ...params, ...body })),
    answer(billingInternal.entitlements, ({ params }) => entitlementsOf(ctx, ctx.db, params.organizationId)),
    answer(billingInternal.reportUsage, ({ params, body }) => reportUsage(ctx, { ...params, ...body })),
    answer(api.changes, ({ query, response }) =>
      readChanges(ctx.changes, ctx.changed, query, AbortSignal.any([goneSignal(response), ctx.draining.signal])),
    ),
  ]
  return router(routes, { service: { name: 'organization', secret: ctx.config.ORGANIZATION_SERVICE_SECRET } })
}

/** No cache may give one person's answer to another. */
const personal: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'private, no-cache').vary('Authorization')
  next()
}
