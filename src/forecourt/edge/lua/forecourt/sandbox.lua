--- Takes away what no code of the edge needs once it is loaded.
local _M = {}

--- After this nothing here starts a program, opens a file or loads code. The
-- modules that need one such function took it before.
function _M.close()
  os, io, debug = nil, nil, nil
  dofile, loadfile, load, loadstring = nil, nil, nil, nil
  package.loadlib, package.loaders, package.searchpath = nil, {}, nil
  for _, name in ipairs({ "os", "io", "debug", "ffi", "jit", "jit.util" }) do
    package.loaded[name] = nil
  end
  package.preload = {}
end

return _M
