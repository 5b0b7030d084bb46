import { authApi, authInternal } from '@realtime/contracts'
import { answer, goneSignal, router } from '@realtime/kit'
import { type Request, type Response, Router } from 'express'
import { accountRoutes, internalAccountRoutes } from './account-routes.ts'
import { isSetUp, setUp, signUp } from './accounts.ts'
import { browserOf, guardOrigin } from './browsers.ts'
import type { Context } from './context.ts'
import { credentialRoutes, internalCredentialRoutes } from './credential-routes.ts'
import { deleteSignUpPass, putSignUpPass } from './passes.ts'
import { findPeople } from './people.ts'
import { issueToken, listSessions, publicKeys, revokeSession, signOut, visitOf } from './sessions.ts'
import { signUpRule } from './settings.ts'
import { signIn } from './sign-in.ts'

/** The public routes. */
export function publicRoutes(ctx: Context): Router {
  const visit = (call: { request: Request; response: Response }) => visitOf(ctx, browserOf(call.request, call.response))
  const routes = [
    answer(authApi.status, async () => ({ setUp: await isSetUp(ctx), signUp: await signUpRule(ctx) })),
    answer(authApi.setUp, ({ request, response, body }) => setUp(ctx, browserOf(request, response), body)),
    answer(authApi.signUp, ({ request, response, body }) => signUp(ctx, browserOf(request, response), body)),
    answer(authApi.signIn, ({ request, response, body }) => signIn(ctx, browserOf(request, response), body)),
    answer(authApi.signOut, async (call) => signOut(ctx, await visit(call))),
    answer(authApi.session, async (call) => {
      const { user, session } = await visit(call)
      return { user, session }
    }),
    answer(authApi.sessions, async (call) => listSessions(ctx, await visit(call))),
    answer(authApi.revokeSession, async (call) => revokeSession(ctx, await visit(call), call.params)),
    answer(authApi.token, async (call) => issueToken(ctx, await visit(call))),
    answer(authApi.jwks, () => publicKeys(ctx)),
    answer(authApi.revocations, ({ query, response }) =>
      ctx.revocations.list(query, AbortSignal.any([goneSignal(response), ctx.draining.signal])),
    ),
    ...accountRoutes(ctx),
    ...credentialRoutes(ctx),
  ]
  return Router().use(guardOrigin(ctx.config.PUBLIC_URL)).use(router(routes, {}))
}

/** The routes for other services, on the internal port. */
export function internalRoutes(ctx: Context): Router {
  const routes = [
    answer(authInternal.people, ({ body }) => findPeople(ctx, body)),
    answer(authInternal.putSignUpPass, ({ params, body }) => putSignUpPass(ctx, { ...params, ...body })),
    answer(authInternal.deleteSignUpPass, ({ params }) => deleteSignUpPass(ctx, params)),
    answer(authInternal.setup, async () => ({ needed: !(await isSetUp(ctx)) })),
    ...internalAccountRoutes(ctx),
    ...internalCredentialRoutes(ctx),
  ]
  return router(routes, { service: { name: 'auth', secret: ctx.config.AUTH_SERVICE_SECRET } })
}
