-- CreateTable
CREATE TABLE "followed" (
    "source" TEXT NOT NULL,
    "cursor" BIGINT NOT NULL,

    CONSTRAINT "followed_pkey" PRIMARY KEY ("source")
);

-- CreateIndex
CREATE INDEX "share_links_expires_at_idx" ON "share_links"("expires_at");
