-- AlterTable
ALTER TABLE "mails" ADD COLUMN     "answer" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "good_until" TIMESTAMPTZ(3),
ADD COLUMN     "next_at" TIMESTAMPTZ(3),
ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'outbox';

-- CreateTable
CREATE TABLE "pending_sign_ups" (
    "hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "pass" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pending_sign_ups_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "pending_sign_ups_email_idx" ON "pending_sign_ups"("email");

-- CreateIndex
CREATE INDEX "pending_sign_ups_expires_at_idx" ON "pending_sign_ups"("expires_at");

-- CreateIndex
CREATE INDEX "mails_state_next_at_idx" ON "mails"("state", "next_at");

-- CreateIndex
CREATE INDEX "mails_to_idx" ON "mails"("to");
