module clusterhat/echo-server

go 1.19
