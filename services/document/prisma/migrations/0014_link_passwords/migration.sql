-- AlterTable
ALTER TABLE "share_links" ADD COLUMN     "password_turn" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "visitors" ADD COLUMN     "password_turn" INTEGER NOT NULL DEFAULT 0;
