# The echo service as an ARMv7 program: what a person gets who builds on the controller without GOARM.
# Swarm schedules it on Zeros all the same, and it dies there (exit 132, illegal instruction).
ARG GO_IMAGE
FROM --platform=$BUILDPLATFORM ${GO_IMAGE} AS build
WORKDIR /src
COPY echo-server/go.mod echo-server/*.go ./
RUN CGO_ENABLED=0 GOOS=linux GOARCH=arm GOARM=7 GOFLAGS=-buildvcs=false \
    go build -trimpath -ldflags "-s -w" -o /echo-server .

FROM scratch
COPY --from=build /echo-server /echo-server
EXPOSE 8080
ENTRYPOINT ["/echo-server"]
