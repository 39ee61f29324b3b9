package mockserver

import "github.com/gorilla/mux"

// Router lets tests walk the routes.
func (s *Server) Router() *mux.Router { return s.router }
