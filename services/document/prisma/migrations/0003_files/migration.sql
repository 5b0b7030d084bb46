-- CreateTable
CREATE TABLE "files" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "file_chunks" (
    "file_id" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "file_chunks_pkey" PRIMARY KEY ("file_id","index")
);

-- CreateTable
CREATE TABLE "resource_files" (
    "resource_id" TEXT NOT NULL,
    "file_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "resource_files_pkey" PRIMARY KEY ("resource_id","file_id")
);

-- CreateIndex
CREATE INDEX "resource_files_organization_id_file_id_idx" ON "resource_files"("organization_id", "file_id");

-- Images are compressed already; kept as they are, a part of a chunk is read without the rest.
ALTER TABLE "file_chunks" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
