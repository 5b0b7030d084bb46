import { Problem } from '@realtime/contracts'

/** Words that mean something in addresses, here or one day, or by which somebody could pass for the server. */
const reserved = new Set(
  `about abuse account accounts admin administration administrator ai api app apps assets audit auth billing blog
  canvas cdn contact dashboard dev docs document documents download downloads email explore favicon features files
  forgot guest health help home images inbox invitation invitations invite join legal link links login logout mail
  media members metrics new news null notifications oauth official organization organizations orgs owner page pages
  password personal plans postmaster press pricing privacy profile project projects public recent register reset robots
  root search security settings setup share shared sharing sign-in sign-out sign-up signin signout signup sitemap
  slides socket static status store support system team teams template templates terms test trash undefined update user
  users verify webhook webhooks webmaster workspace workspaces www`.split(/\s+/),
)

/** Refuses the words that no organization gets. @throws Problem `slug-taken` */
export function checkSlug(slug: string): void {
  if (reserved.has(slug)) throw new Problem('slug-taken', `“${slug}” is kept for the server itself.`)
}

/** What somebody else has. */
export function slugTaken(slug: string): Problem {
  return new Problem('slug-taken', `“${slug}” is taken by another organization.`)
}
