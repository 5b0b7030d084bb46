-- AlterTable
ALTER TABLE "sign_up_passes" ADD COLUMN     "uses_left" INTEGER;
