-- CreateTable
CREATE TABLE "digests" (
    "user_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "digests_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "resource_files_file_id_idx" ON "resource_files"("file_id");
