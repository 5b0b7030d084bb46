-- AlterTable
ALTER TABLE "customers" ADD COLUMN     "checkout_at" TIMESTAMPTZ(3);
