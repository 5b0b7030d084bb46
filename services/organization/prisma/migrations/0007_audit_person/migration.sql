-- AlterTable
ALTER TABLE "audit_entries" ADD COLUMN "person_id" TEXT;

UPDATE "audit_entries" SET "person_id" = substr("principal", 6) WHERE "principal" LIKE 'user:%';
