// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IExtendedResolver} from "../interfaces/IExtendedResolver.sol";

/// @title The part of ENSv2's PermissionedResolver that writes and reads texts and addresses
/// @notice A stand-in for tests: ENS publishes no artifact of the real one. Who gives roles is not decided here; who may
/// write is, by roles for a name or, with node zero, for all names.
contract PermissionedResolverStandIn is IExtendedResolver, IERC165 {
    uint256 private constant ROLE_SET_ADDR = 1 << 0;
    uint256 private constant ROLE_SET_TEXT = 1 << 4;

    error EACUnauthorizedAccountRoles(uint256 resource, uint256 roleBitmap, address account);
    error UnsupportedResolverProfile(bytes4 selector);

    event TextChanged(
        bytes32 indexed node,
        string indexed indexedKey,
        string key,
        string value
    );
    event AddrChanged(bytes32 indexed node, address a);

    mapping(bytes32 node => mapping(address account => uint256)) private _roles;
    mapping(bytes32 node => mapping(string key => string)) private _texts;
    mapping(bytes32 node => address) private _addresses;
    mapping(bytes32 nameHash => bytes) private _aliases;

    modifier onlyRole(bytes32 node, uint256 role) {
        uint256 roles = _roles[node][msg.sender] | _roles[0][msg.sender];
        require(
            roles & role != 0,
            EACUnauthorizedAccountRoles(uint256(node), role, msg.sender)
        );
        _;
    }

    function grant(bytes32 node, uint256 roleBitmap, address account) external {
        _roles[node][account] |= roleBitmap;
    }

    /// @dev The real one rewrites suffixes; here a name is taken as a whole, and only told.
    function setAlias(bytes calldata fromName, bytes calldata toName) external {
        _aliases[keccak256(fromName)] = toName;
    }

    function setText(
        bytes32 node,
        string calldata key,
        string calldata value
    ) external onlyRole(node, ROLE_SET_TEXT) {
        _texts[node][key] = value;
        emit TextChanged(node, key, key, value);
    }

    function setAddr(bytes32 node, address a) external onlyRole(node, ROLE_SET_ADDR) {
        _addresses[node] = a;
        emit AddrChanged(node, a);
    }

    function multicall(bytes[] calldata calls) external returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool ok, bytes memory result) = address(this).delegatecall(calls[i]);
            if (!ok) {
                assembly {
                    revert(add(result, 32), mload(result))
                }
            }
            results[i] = result;
        }
    }

    function resolve(bytes calldata, bytes calldata data) external view returns (bytes memory) {
        (bool ok, bytes memory result) = address(this).staticcall(data);
        require(ok && result.length > 0, UnsupportedResolverProfile(bytes4(data)));
        return result;
    }

    function getAlias(bytes calldata name) external view returns (bytes memory) {
        return _aliases[keccak256(name)];
    }

    function text(bytes32 node, string calldata key) external view returns (string memory) {
        return _texts[node][key];
    }

    function addr(bytes32 node) external view returns (address) {
        return _addresses[node];
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IExtendedResolver).interfaceId ||
            interfaceId == this.text.selector ||
            interfaceId == this.addr.selector;
    }
}
