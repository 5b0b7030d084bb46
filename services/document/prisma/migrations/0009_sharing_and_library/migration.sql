-- DropIndex
DROP INDEX "resources_project_id_idx";

-- AlterTable
ALTER TABLE "projects" ADD COLUMN     "access" TEXT NOT NULL DEFAULT 'organization',
ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "icon" TEXT,
ADD COLUMN     "member_level" TEXT NOT NULL DEFAULT 'edit',
ADD COLUMN     "position" TEXT;

-- AlterTable
ALTER TABLE "resources" ADD COLUMN     "cover" JSONB,
ADD COLUMN     "icon" TEXT,
ADD COLUMN     "parent_id" TEXT,
ADD COLUMN     "position" TEXT NOT NULL DEFAULT 'a0',
ADD COLUMN     "trashed_by" TEXT,
ADD COLUMN     "trashed_with" TEXT;

-- CreateTable
CREATE TABLE "shares" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "project_id" TEXT,
    "resource_id" TEXT,
    "user_id" TEXT,
    "team_id" TEXT,
    "level" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shares_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "share_links" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "password_hash" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "max_uses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "revoked_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "share_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visitors" (
    "id" TEXT NOT NULL,
    "link_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "visitors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_attempts" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" TIMESTAMPTZ(3),

    CONSTRAINT "link_attempts_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "favourites" (
    "user_id" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "favourites_pkey" PRIMARY KEY ("user_id","resource_id")
);

-- CreateTable
CREATE TABLE "visits" (
    "user_id" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "visits_pkey" PRIMARY KEY ("user_id","resource_id")
);

-- CreateTable
CREATE TABLE "search_texts" (
    "resource_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "search_texts_pkey" PRIMARY KEY ("resource_id")
);

-- CreateTable
CREATE TABLE "notifications" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "resource_id" TEXT,
    "principal" TEXT NOT NULL,
    "text" TEXT NOT NULL DEFAULT '',
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(3),
    "mailed_at" TIMESTAMPTZ(3),

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_notes" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "entry" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_notes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "shares_organization_id_user_id_idx" ON "shares"("organization_id", "user_id");

-- CreateIndex
CREATE INDEX "shares_organization_id_team_id_idx" ON "shares"("organization_id", "team_id");

-- CreateIndex
CREATE UNIQUE INDEX "shares_resource_id_user_id_key" ON "shares"("resource_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "shares_resource_id_team_id_key" ON "shares"("resource_id", "team_id");

-- CreateIndex
CREATE UNIQUE INDEX "shares_project_id_user_id_key" ON "shares"("project_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "shares_project_id_team_id_key" ON "shares"("project_id", "team_id");

-- CreateIndex
CREATE INDEX "share_links_resource_id_idx" ON "share_links"("resource_id");

-- CreateIndex
CREATE INDEX "visitors_link_id_idx" ON "visitors"("link_id");

-- CreateIndex
CREATE INDEX "link_attempts_expire_idx" ON "link_attempts"("expire");

-- CreateIndex
CREATE INDEX "favourites_user_id_organization_id_position_idx" ON "favourites"("user_id", "organization_id", "position");

-- CreateIndex
CREATE INDEX "favourites_resource_id_idx" ON "favourites"("resource_id");

-- CreateIndex
CREATE INDEX "visits_user_id_organization_id_at_idx" ON "visits"("user_id", "organization_id", "at");

-- CreateIndex
CREATE INDEX "visits_resource_id_idx" ON "visits"("resource_id");

-- CreateIndex
CREATE INDEX "search_texts_organization_id_idx" ON "search_texts"("organization_id");

-- CreateIndex
CREATE INDEX "notifications_user_id_at_id_idx" ON "notifications"("user_id", "at", "id");

-- CreateIndex
CREATE INDEX "notifications_resource_id_idx" ON "notifications"("resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "notifications_user_id_key_key" ON "notifications"("user_id", "key");

-- CreateIndex
CREATE INDEX "audit_notes_at_idx" ON "audit_notes"("at");

-- CreateIndex
CREATE INDEX "resources_project_id_parent_id_position_idx" ON "resources"("project_id", "parent_id", "position");

-- CreateIndex
CREATE INDEX "resources_parent_id_idx" ON "resources"("parent_id");

-- AddForeignKey
ALTER TABLE "resources" ADD CONSTRAINT "resources_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "resources"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Fractional indices are in the order of their bytes, whatever the database sorts by.
ALTER TABLE "resources" ALTER COLUMN "position" TYPE TEXT COLLATE "C";
ALTER TABLE "projects" ALTER COLUMN "position" TYPE TEXT COLLATE "C";
ALTER TABLE "favourites" ALTER COLUMN "position" TYPE TEXT COLLATE "C";

-- What is there already stands as it was shown: the last edited first. (`c` begins an index of three more digits.)
WITH digits AS (SELECT '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz' AS of),
places AS (
  SELECT id, least(row_number() OVER (PARTITION BY project_id ORDER BY updated_at DESC, id), 238000) AS n FROM resources
)
UPDATE resources r SET position = 'c' || substr(d.of, (p.n / 3844 % 62)::int + 1, 1)
  || substr(d.of, (p.n / 62 % 62)::int + 1, 1) || substr(d.of, (p.n % 62)::int + 1, 1)
FROM places p, digits d WHERE p.id = r.id;

-- What is in the trash went there by itself.
UPDATE resources SET trashed_with = id WHERE trashed_at IS NOT NULL;

-- Whoever created a project manages it.
INSERT INTO shares (id, organization_id, project_id, user_id, level, created_by)
SELECT 'share-' || id, organization_id, id, substr(created_by, 6), 'manage', created_by
FROM projects WHERE created_by LIKE 'user:%' AND length(id) < 58;
