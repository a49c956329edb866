--- Takes away what no code of the edge needs once it is loaded.
local _M = {}

-- Whenever LuaJIT compiles a call of C it looks into a table that only this
-- module holds, and crashes once that was collected. So something must keep the
-- module: the function below does, and gives it to nobody.
local ffi = require("ffi")

--- After this nothing here starts a program, opens a file or loads code. The
-- modules that need one such function took it before.
function _M.close()
  assert(ffi.C)
  os, io, debug = nil, nil, nil
  dofile, loadfile, load, loadstring = nil, nil, nil, nil
  package.loadlib, package.loaders, package.searchpath = nil, {}, nil
  for _, name in ipairs({ "os", "io", "debug", "ffi", "jit", "jit.util" }) do
    package.loaded[name] = nil
  end
  package.preload = {}
end

return _M
