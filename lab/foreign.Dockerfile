# An image for an architecture that no node of the lab has: swarm refuses to place it, so it never runs
# and needs no program.
FROM scratch
COPY echo-server/go.mod /
ENTRYPOINT ["/echo-server"]
