"""The AI service of Realtime Collaborator."""
